import { expect } from 'chai';
import { CliSandbox } from './cli-process.js';

const PASSWORD = 'open sesame';

/** The request that a printed curl command would send; with the password, where it names a user. */
function requestOf(command: string): { url: string; init: RequestInit } {
  const words = Array.from(command.matchAll(/'([^']*)'|(\S+)/g), ([, quoted, plain]) => quoted ?? plain ?? '');
  const after = (option: string) => words.flatMap((word, index) => (word === option ? (words[index + 1] ?? []) : []));
  const headers = new Headers(after('-H').map((header) => header.split(': ') as [string, string]));
  const [method = 'GET'] = after('-X');
  const [body] = after('-d');
  const [user] = after('-u');
  if (user !== undefined) headers.set('authorization', `Basic ${btoa(`${user}:${PASSWORD}`)}`);
  const url = words.find((word) => word.startsWith('http')) ?? '';
  return { url, init: { method, headers, ...(body !== undefined && { body }) } };
}

describe('dossier serve --example', function () {
  this.timeout(60_000);
  let sandbox: CliSandbox;

  beforeEach(() => {
    sandbox = new CliSandbox();
  });
  afterEach(() => sandbox.dispose());

  const commandsOf = (stdout: string) => stdout.split('\n').filter((line) => line.startsWith('curl '));

  const addUser = (name: string, ...options: string[]) =>
    sandbox.finish(['user', 'add', name, '--credentials', 'users.json', ...options], { input: `${PASSWORD}\n` });

  for (const options of [[], ['--default-tenant', '1'], ['--default-tenant', '2'], ['--credentials', 'users.json']]) {
    it(`prints curl commands that work (${options.join(' ') || 'no default tenant'})`, async () => {
      if (options.includes('users.json')) {
        await addUser('ann', '--role', 'reader');
        await addUser('eve', '--role', 'administrator', '--tenant', '2');
        await addUser('bob', '--role', 'writer', '--tenant', '1');
      }
      const server = await sandbox.run('serve', '--port', '0', '--example', '--base-path', '/crm', ...options);
      await server.written(/(If-Match).*\n\n/);
      const answers: { status: number; body: Record<string, unknown> }[] = [];
      for (const command of commandsOf(server.stdout)) {
        const { url, init } = requestOf(command);
        const response = await fetch(url, init);
        answers.push({ status: response.status, body: (await response.json()) as Record<string, unknown> });
      }
      expect(answers.map(({ status }) => status)).to.deep.equal([200, 200, 200, 400, 412]);
      const [query, withoutExtensions, withExtension, mistake] = answers.map(({ body }) => body);
      expect(query).to.deep.equal({
        customer_id: '00027a52JCGY000M',
        FirstName: 'Bruce',
        LastName: 'Banner',
        DOB: '1962-05-10',
        EmailAddress: ['bruce.banner@example.com'],
        Address: {
          Type: 1,
          Address: '21 JumpStreet',
          City: 'Hollywood',
          County: 'Santa Barbara',
          PostCode: '555',
          Country: 'United States',
        },
        Phone: [],
      });
      expect(withoutExtensions).not.to.have.any.keys('Address', 'Phone');
      expect(withExtension).to.have.property('Phone').with.length(1);
      expect(withExtension).not.to.have.property('Address');
      expect(mistake).to.have.property('violations').with.length(3);
    });
  }

  it('does not change a tenant that has a schema', async () => {
    const args = ['serve', '--port', '0', '--default-tenant', '1'];
    const first = await sandbox.run(...args);
    const url = await first.ready();
    const body = JSON.stringify({ attributes: [] });
    await fetch(`${url}metadata/profiles`, { method: 'PUT', body, headers: { 'content-type': 'application/json' } });
    first.signal('SIGTERM');
    await first.exit();
    const again = await (await sandbox.run(...args, '--example')).ready();
    expect(await (await fetch(`${again}metadata/profiles`)).json()).to.deep.equal({ version: 1, attributes: [] });
    expect((await fetch(`${again}profiles/00027a52JCGY000M`)).status).to.equal(404);
  });
});
