import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Role } from 'dossier/http';
import { parseTenant } from '../option-values.js';
import { UserError } from '../user-error.js';
import { loadHttp, readUsers, readUsersIfAny, writeUsers } from './stored-credentials.js';

interface FileOption {
  readonly credentials: string;
}

interface AddOptions extends FileOption {
  readonly role: Role;
  readonly tenant?: readonly string[];
  readonly maySetSegment?: true;
  readonly replace?: true;
}

const ADD_HELP = `
The password is asked for, or read from the standard input where that is no terminal. The file keeps a salted hash of it. A
server that has the file open lets the user in at once.`;

/** Who may call the server of `dossier serve --credentials`. */
export function addUserCommand(program: Command): void {
  const user = program.command('user').description('Say who may call the server.');
  user
    .command('add')
    .description('Add a user.')
    .argument('<name>', '1 to 64 characters of A-Z a-z 0-9 . _ @ ~ -', parseName)
    .addOption(
      new Option('--role <role>', 'what the user may do; each role may do all that the ones before it may')
        .choices(['reader', 'writer', 'administrator'])
        .makeOptionMandatory(),
    )
    .addOption(credentialsOption())
    .option('--tenant <number...>', 'the only tenants that the user may have (default: all)', collectTenants)
    .option('--may-set-segment', 'heed X-Genesys-Segment from the user')
    .option('--replace', 'take the place of the user of that name')
    .addHelpText('after', ADD_HELP)
    .action(addUser);
  user
    .command('remove')
    .description('Remove a user.')
    .argument('<name>')
    .addOption(credentialsOption())
    .action(removeUser);
  user.command('list').description('List the users.').addOption(credentialsOption()).action(listUsers);
}

function credentialsOption(): Option {
  return new Option('--credentials <file>', 'the file that holds the users').makeOptionMandatory();
}

function collectTenants(text: string, tenants: readonly string[] = []): readonly string[] {
  return [...tenants, parseTenant(text)];
}

function parseName(text: string): string {
  if (!/^[A-Za-z0-9._@~-]{1,64}$/.test(text)) throw new InvalidArgumentError('Expected another form.');
  return text;
}

async function addUser(name: string, options: AddOptions): Promise<void> {
  const { credentials: file, role, tenant: tenants, maySetSegment, replace } = options;
  const { scrypt, users } = await readUsersIfAny(file);
  const others = users.filter((user) => user.name !== name);
  if (others.length < users.length && !replace) throw new UserError(`There is a user ${name}. Give --replace.`);
  const { hashPassword } = await loadHttp();
  const { readPassword } = await import('./read-password.js');
  const password = await hashPassword(await readPassword(), scrypt);
  await writeUsers(file, { scrypt, users: [...others, { name, role, tenants, maySetSegment, ...password }] });
  console.log(`${name} is ${role}.`);
}

async function removeUser(name: string, { credentials: file }: FileOption): Promise<void> {
  const { scrypt, users } = await readUsers(file);
  const others = users.filter((user) => user.name !== name);
  if (others.length === users.length) throw new UserError('There is no such user.');
  await writeUsers(file, { scrypt, users: others });
  console.log(`${name} is removed.`);
}

async function listUsers({ credentials: file }: FileOption): Promise<void> {
  for (const { name, role, tenants, maySetSegment } of (await readUsers(file)).users) {
    const where = tenants ? `tenants ${tenants.join(', ')}` : 'all tenants';
    console.log([name, role, where, ...(maySetSegment ? ['may set the segment'] : [])].join('\t'));
  }
}
