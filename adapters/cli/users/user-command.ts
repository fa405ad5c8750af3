import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Role } from 'dossier/http';
import { parseTenant } from '../option-values.js';
import { UserError } from '../user-error.js';
import { loadHttp, readUsers, readUsersOrNone, writeUsers } from './credentials-file.js';
import { withCredentialsLock } from './credentials-lock.js';

const NAME_FORM = '1 to 64 characters of A-Z a-z 0-9 . _ @ ~ -';

interface FileOption {
  readonly credentials: string;
}

interface AddOptions extends FileOption {
  readonly role: Role;
  readonly tenant?: readonly string[];
  readonly maySetSegment?: true;
  readonly maySetActor?: true;
  readonly replace?: true;
}

const ADD_HELP = `
Prompts for the password, or reads it from the first line of the standard input where that is not a terminal. The file
stores a salted hash of it. A running server accepts the user at once.

Example: dossier user add ann --role writer --credentials users.json`;

/** Manages the users of `dossier serve --credentials`. */
export function addUserCommand(program: Command): void {
  const user = program.command('user').description('Manage the users who may call the server.');
  user
    .command('add')
    .description('Add a user, and create the credentials file if it is missing.')
    .argument('<name>', `user name: ${NAME_FORM}`, parseName)
    .addOption(
      new Option('--role <role>', 'what the user may do; each role includes the ones before it')
        .choices(['reader', 'writer', 'administrator'])
        .makeOptionMandatory(),
    )
    .addOption(credentialsOption())
    .option('--tenant <number...>', 'the only tenants that the user may access (default: all)', collectTenants)
    .option('--may-set-segment', 'accept segments from the user: X-Genesys-Segment, and _segment of imported rows')
    .option('--may-set-actor', 'accept X-Genesys-Actor and X-Genesys-Reason from the user: who makes a change, and why')
    .option('--replace', 'replace an existing user of that name')
    .addHelpText('after', ADD_HELP)
    .action(addUser);
  user
    .command('remove')
    .description('Remove a user.')
    .argument('<name>', 'user name')
    .addOption(credentialsOption())
    .action(removeUser);
  user.command('list').description('List the users.').addOption(credentialsOption()).action(listUsers);
}

function credentialsOption(): Option {
  return new Option('--credentials <file>', 'credentials file').makeOptionMandatory();
}

function collectTenants(text: string, tenants: readonly string[] = []): readonly string[] {
  return [...tenants, parseTenant(text)];
}

function parseName(text: string): string {
  if (!/^[A-Za-z0-9._@~-]{1,64}$/.test(text)) throw new InvalidArgumentError(`Expected ${NAME_FORM}.`);
  return text;
}

async function addUser(name: string, options: AddOptions): Promise<void> {
  const { credentials: file, role, tenant: tenants, maySetSegment, maySetActor } = options;
  await othersOf(name, options);
  const { hashPassword } = await loadHttp();
  const { readPassword } = await import('./read-password.js');
  const given = await readPassword();
  await withCredentialsLock(file, async () => {
    const { scrypt, others } = await othersOf(name, options);
    const password = await hashPassword(given, scrypt);
    const user = { name, role, tenants, maySetSegment, maySetActor, ...password };
    await writeUsers(file, { scrypt, users: [...others, user] });
  });
  console.log(`${name} is ${role}.`);
}

/** @throws UserError if the file has a user of that name already, and it is not to be replaced */
async function othersOf(name: string, { credentials: file, replace }: AddOptions) {
  const { scrypt, users } = await readUsersOrNone(file);
  const others = users.filter((user) => user.name !== name);
  if (others.length < users.length && !replace)
    throw new UserError(`${file} has a user ${name} already. To replace that user, add --replace.`);
  return { scrypt, others };
}

async function removeUser(name: string, { credentials: file }: FileOption): Promise<void> {
  await readUsers(file);
  await withCredentialsLock(file, async () => {
    const { scrypt, users } = await readUsers(file);
    const others = users.filter((user) => user.name !== name);
    if (others.length === users.length)
      throw new UserError(`${file} has no user ${name}. See: dossier user list --credentials ${file}`);
    await writeUsers(file, { scrypt, users: others });
  });
  console.log(`${name} is removed.`);
}

async function listUsers({ credentials: file }: FileOption): Promise<void> {
  for (const { name, role, tenants, maySetSegment, maySetActor } of (await readUsers(file)).users) {
    const where = tenants ? `tenants ${tenants.join(', ')}` : 'all tenants';
    const rights = [maySetSegment && 'may set the segment', maySetActor && 'may set the actor'].filter(Boolean);
    console.log([name, role, where, ...rights].join('\t'));
  }
}
