import { expect } from 'chai';
import { CliSandbox } from './cli-process.js';
import { expectSharedMode } from './mode-of-servers.js';

describe('W14: the mode of servers on one SQLite file', function () {
  this.timeout(60_000);
  let sandbox: CliSandbox;
  beforeEach(() => {
    sandbox = new CliSandbox();
  });
  afterEach(() => sandbox.dispose());

  it('W14: is heeded by each of them, and set by the command as well', () => expectSharedMode(sandbox));

  it('W14: another word is refused, and a file that is missing is not created', async () => {
    const { stderr } = await sandbox.finish(['mode', 'closed'], { exitCode: 1 });
    expect(stderr).to.match(/production, maintenance/);
    expect((await sandbox.finish(['mode'], { exitCode: 1 })).stderr).to.match(/There is no database file/);
  });
});
