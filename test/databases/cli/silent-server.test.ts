import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import { CliSandbox } from '../../process/cli/cli-process.js';
import { createDatabase } from '../database-server.js';
import { describeOnOwnServers } from '../own-server.js';

const PROFILE = 'profiles/00027a52JCGY000M';
const LIMIT_S = 1;
/** Time to acquire a connection, and a statement's. */
const AT_MOST_MS = 15_000;

describeOnOwnServers('dossier serve before a server that says nothing any more', (server) => {
  it('responds with 503 in bounded time, and with 200 once the server goes on', async () => {
    const sandbox = new CliSandbox();
    const database = await createDatabase(server());
    try {
      const limit = ['--statement-timeout', String(LIMIT_S), '--pool-size', '2'];
      const options = ['--port', '0', '--default-tenant', '1', '--example', '--database', database.url, ...limit];
      const serve = await sandbox.run('serve', ...options);
      const url = await serve.ready();
      expect((await fetch(`${url}${PROFILE}`)).status).to.equal(200);
      await server().suspend();
      // The signal takes a moment to reach all threads.
      await setTimeout(200);
      const begin = performance.now();
      const answers = await Promise.all(
        [PROFILE, PROFILE, 'profiles/other', 'server/status'].map((path) => fetch(`${url}${path}`)),
      );
      expect(answers.map(({ status }) => status)).to.deep.equal([503, 503, 503, 503]);
      expect(performance.now() - begin).to.be.below(AT_MOST_MS);
      await server().resume();
      let status = 503;
      for (let attempt = 0; attempt < 20 && status !== 200; attempt++) {
        status = (await fetch(`${url}${PROFILE}`)).status;
      }
      expect(status).to.equal(200);
      serve.signal('SIGTERM');
      expect(await serve.exit()).to.equal(0);
    } finally {
      await server().resume();
      await sandbox.dispose();
    }
  }).timeout(120_000);
});
