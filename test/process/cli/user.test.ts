import { randomUUID } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import { CliSandbox } from './cli-process.js';

const FILE = ['--credentials', 'users.json'] as const;
const PASSWORD = 'open sesame: ü';

describe('dossier user', function () {
  this.timeout(60_000);
  let sandbox: CliSandbox;

  beforeEach(() => {
    sandbox = new CliSandbox();
  });
  afterEach(() => sandbox.dispose());

  const add = (name: string, role: string, ...options: string[]) =>
    sandbox.finish(['user', 'add', name, '--role', role, ...FILE, ...options], { input: `${PASSWORD}\n` });
  const list = async () => (await sandbox.finish(['user', 'list', ...FILE])).stdout;
  const serve = (...args: string[]) =>
    sandbox.run('serve', '--port', '0', '--database', 'memory:', '--example', '--default-tenant', '1', ...args);
  const statusFor = async (url: string, name?: string, method = 'GET') => {
    const credentials = Buffer.from(`${name}:${PASSWORD}`).toString('base64');
    const headers = name === undefined ? {} : { authorization: `Basic ${credentials}` };
    return (await fetch(`${url}profiles/00027a52JCGY000M`, { method, headers })).status;
  };

  it('adds, lists, replaces and removes users', async () => {
    await add('ann', 'administrator');
    await add(
      'bob@example.com',
      'writer',
      '--tenant',
      '1',
      '007',
      '--tenant',
      '3',
      '--may-set-segment',
      '--may-set-actor',
    );
    expect(await list()).to.equal(
      'ann\tadministrator\tall tenants\nbob@example.com\twriter\ttenants 1, 7, 3\tmay set the segment\tmay set the actor\n',
    );
    await add('ann', 'reader', '--replace');
    await sandbox.finish(['user', 'remove', 'bob@example.com', ...FILE]);
    expect(await list()).to.equal('ann\treader\tall tenants\n');
  });

  it('five at once lose none', async () => {
    const names = ['ann', 'bob', 'cy', 'dan', 'eve'];
    // Made once, before the commands that share it.
    await sandbox.directory();
    await Promise.all(names.map((name) => add(name, 'reader')));
    expect((await list()).match(/^\w+/gm)).to.have.members(names);
    await Promise.all(names.slice(1).map((name) => sandbox.finish(['user', 'remove', name, ...FILE])));
    expect((await list()).match(/^\w+/gm)).to.deep.equal(['ann']);
  });

  it('a command that was killed blocks no later ones, of which five at once lose none', async () => {
    await add('ann', 'reader');
    const directory = await sandbox.directory();
    const claims = async () => (await readdir(directory)).filter((name) => name.includes('.lock'));
    // Until a kill has hit a command that has claimed the file.
    do {
      const killed = await sandbox.runWithInput('user', 'add', `killed${Math.random()}`, '--role', 'reader', ...FILE);
      killed.stdin.end(`${PASSWORD}\n`);
      const exit = killed.exit().then(() => true);
      let isOver = false;
      while (!isOver && (await claims()).length === 0) isOver = await Promise.race([exit, setTimeout(1, false)]);
      killed.signal('SIGKILL');
      await exit;
    } while ((await claims()).length === 0);
    const names = ['bob', 'cy', 'dan', 'eve', 'flo'];
    await Promise.all(names.map((name) => add(name, 'reader')));
    expect((await list()).match(/^\w+(?=\t)/gm)).to.include.members(['ann', ...names]);
    expect(await claims()).to.deep.equal([]);
  });

  it('a claim of another machine is waited for, and named when the time is up', async () => {
    const claim = `users.json.lock-00000000-1-${randomUUID()}`;
    await writeFile(join(await sandbox.directory(), claim), '');
    const args = ['user', 'add', 'ann', '--role', 'reader', ...FILE];
    const { stderr } = await sandbox.finish(args, { exitCode: 1, input: `${PASSWORD}\n` });
    expect(stderr)
      .to.match(/^error: Another command is changing .+\n$/)
      .and.to.include(claim);
  });

  it('only the owner can read the file, and it does not contain the password', async () => {
    await add('ann', 'reader');
    const path = join(await sandbox.directory(), 'users.json');
    expect((await stat(path)).mode & 0o777).to.equal(0o600);
    expect(await readFile(path, 'utf8')).not.to.contain('sesame');
  });

  it('serve accepts the users of the file, within their role and tenants, and applies changes of the file at once', async () => {
    await add('ann', 'reader');
    await add('eve', 'administrator', '--tenant', '2');
    const server = await serve(...FILE, '--host', '0.0.0.0');
    const url = (await server.ready()).replace('0.0.0.0', '127.0.0.1');
    expect(await statusFor(url)).to.equal(401);
    expect(await statusFor(url, 'ann')).to.equal(200);
    expect(await statusFor(url, 'ann', 'DELETE')).to.equal(401);
    expect(await statusFor(url, 'eve')).to.equal(401);
    expect(await statusFor(url, 'bob')).to.equal(401);

    await add('bob', 'writer');
    await sandbox.finish(['user', 'remove', 'ann', ...FILE]);
    expect(await statusFor(url, 'bob')).to.equal(200);
    expect(await statusFor(url, 'ann')).to.equal(401);
    expect(server.stdout + server.stderr).not.to.contain('sesame');
  });

  it('serve accepts nobody once the file is invalid', async () => {
    await add('ann', 'reader');
    const server = await serve(...FILE);
    const url = await server.ready();
    expect(await statusFor(url, 'ann')).to.equal(200);
    await writeFile(join(await sandbox.directory(), 'users.json'), '{');
    expect(await statusFor(url, 'ann')).to.equal(500);
    await server.written(/"error":"Error"/, 'stderr');
  });

  it('without --credentials, serve prints that only this machine can connect', async () => {
    const server = await serve();
    await server.ready();
    expect(server.stderr).to.match(/^Access: this machine only, .+$/m);
  });

  for (const host of ['0.0.0.0', '::', '192.0.2.1']) {
    it(`without --credentials, serve refuses --host ${host}`, async () => {
      const server = await serve('--host', host);
      expect(await server.exit()).to.equal(1);
      expect(server.stdout).to.equal('');
      expect(server.stderr).to.match(/^error: --host \S+ is not a loopback address, .+ --credentials FILE .+\n$/);
    });
  }

  it('serve refuses a missing credentials file', async () => {
    const server = await serve(...FILE);
    expect(await server.exit()).to.equal(1);
    expect(server.stderr).to.equal('error: Cannot read the credentials file users.json: no such file or directory.\n');
  });

  const mistakes: Record<string, readonly [args: readonly string[], input?: string]> = {
    'a password that is too short': [['add', 'bob', '--role', 'reader'], 'short\n'],
    'a password with a control character': [['add', 'bob', '--role', 'reader'], 'eight\tcharacters\n'],
    'no password': [['add', 'bob', '--role', 'reader']],
    'a name with a colon': [['add', 'b:b', '--role', 'reader'], PASSWORD],
    'an unknown role': [['add', 'bob', '--role', 'owner'], PASSWORD],
    'an invalid tenant': [['add', 'bob', '--role', 'reader', '--tenant', 'x'], PASSWORD],
    'an existing user without --replace': [['add', 'ann', '--role', 'reader'], PASSWORD],
    'the removal of an unknown user': [['remove', 'bob']],
  };
  for (const [what, [args, input = '']] of Object.entries(mistakes)) {
    it(`refuses ${what} with one line and exit code 1, and does not change the file`, async () => {
      await add('ann', 'reader');
      const { stderr } = await sandbox.finish(['user', ...args, ...FILE], { exitCode: 1, input });
      expect(stderr).to.match(/^error: .+\n$/);
      expect(await list()).to.equal('ann\treader\tall tenants\n');
    });
  }
});
