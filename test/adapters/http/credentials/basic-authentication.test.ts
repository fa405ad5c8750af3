import { createHook } from 'node:async_hooks';
import { expect } from 'chai';
import { basicAuthentication, type Credentials, type CredentialsUser, hashPassword } from 'dossier/http';
import { createApiHarness } from '../api-harness.js';

/** The cheapest allowed parameters. */
const SCRYPT = { N: 2 ** 14, r: 8, p: 1 };

async function user(name: string, password: string, rights: Partial<CredentialsUser> = {}): Promise<CredentialsUser> {
  return { name, role: 'reader', ...rights, ...(await hashPassword(password, SCRYPT)) };
}

const basic = (text: string | Uint8Array) => `Basic ${Buffer.from(text).toString('base64')}`;
const requestWith = (authorization?: string) =>
  new Request('http://localhost/', authorization === undefined ? {} : { headers: { authorization } });

/** Counts the passwords that are hashed during a call. */
async function hashesDuring(work: () => unknown): Promise<number> {
  let count = 0;
  const hook = createHook({
    init(_, type) {
      if (type === 'SCRYPTREQUEST') count += 1;
    },
  }).enable();
  try {
    await work();
  } finally {
    hook.disable();
  }
  return count;
}

describe('HTTP: basic authentication', () => {
  let users: CredentialsUser[];
  const credentials = (): Credentials => ({ scrypt: SCRYPT, users });

  before(async () => {
    users = [
      await user('ann', 'sesame: open', { role: 'writer', tenants: ['7'], maySetSegment: true }),
      await user('bob', 'Pässwörd 𝒳'),
    ];
  });

  it('returns the principal for the name and password, without the hash', async () => {
    const authenticate = basicAuthentication(credentials());
    expect(await authenticate(requestWith(basic('ann:sesame: open')))).to.deep.equal({
      name: 'ann',
      role: 'writer',
      tenants: ['7'],
      maySetSegment: true,
    });
    expect(await authenticate(requestWith(basic('bob:Pässwörd 𝒳')))).to.deep.equal({ name: 'bob', role: 'reader' });
  });

  it('accepts the scheme in any case, and Unicode in any normalization form', async () => {
    const authenticate = basicAuthentication(credentials());
    const header = basic('bob:Pässwörd 𝒳'.normalize('NFD')).replace('Basic', 'bASIC');
    expect(await authenticate(requestWith(header))).to.include({ name: 'bob' });
  });

  const wrong: Record<string, string | undefined> = {
    'no header': undefined,
    'another scheme': 'Bearer abc',
    'invalid Base64': 'Basic %%%',
    'no colon': basic('ann'),
    'invalid UTF-8': basic(Buffer.of(0xff, 0x3a, 0xff)),
    'a control character': basic('ann:sesame: open\n'),
    'no password': basic('ann:'),
    'a wrong password': basic('ann:sesame: shut'),
    'the password of another': basic('bob:sesame: open'),
    'a name in another case': basic('Ann:sesame: open'),
    'a name that exists on JavaScript objects': basic('constructor:sesame: open'),
    'no name': basic(':sesame: open'),
  };
  for (const [what, header] of Object.entries(wrong)) {
    it(`returns undefined for ${what}`, async () => {
      expect(await basicAuthentication(credentials())(requestWith(header))).to.equal(undefined);
    });
  }

  it('hashes once for an unknown user, as for a wrong password', async () => {
    const authenticate = basicAuthentication(credentials());
    for (const text of ['ann:sesame: shut', 'nobody:sesame: open', 'ann:sesame: shut', 'nobody:sesame: open']) {
      expect(await hashesDuring(() => authenticate(requestWith(basic(text)))), text).to.equal(1);
    }
  });

  it('returns the same 401 for both', async () => {
    const { send } = createApiHarness({ authenticate: basicAuthentication(credentials()) });
    const answers = await Promise.all(
      ['ann:sesame: shut', 'nobody:sesame: open'].map((text) =>
        send('GET', '/profiles/x', { headers: { authorization: basic(text) } }),
      ),
    );
    const [one, other] = answers.map(({ status, headers, body }) => {
      const { 'x-request-id': _, ...rest } = Object.fromEntries(headers);
      return { status, headers: rest, body };
    });
    expect(one).to.deep.equal(other);
    expect(one?.status).to.equal(401);
    expect(one?.headers['www-authenticate']).to.equal('Basic realm="Dossier", charset="UTF-8"');
  });

  it('does not hash a correct password again until the credentials change', async () => {
    let current = credentials();
    const authenticate = basicAuthentication(() => current);
    const hashes = (text: string) => hashesDuring(() => authenticate(requestWith(basic(text))));
    expect(await hashes('ann:sesame: open')).to.equal(1);
    expect(await hashes('ann:sesame: open')).to.equal(0);

    current = { scrypt: SCRYPT, users: [await user('ann', 'another one')] };
    expect(await authenticate(requestWith(basic('ann:sesame: open')))).to.equal(undefined);
    expect(await authenticate(requestWith(basic('ann:another one')))).to.include({ name: 'ann' });
    current = { scrypt: SCRYPT, users: [] };
    expect(await authenticate(requestWith(basic('ann:another one')))).to.equal(undefined);
  });

  it('handles many concurrent requests', async () => {
    const authenticate = basicAuthentication(credentials());
    const texts = Array.from({ length: 20 }, (_, index) => (index % 2 ? 'ann:sesame: open' : `nobody${index}:x`));
    const answers = await Promise.all(texts.map((text) => authenticate(requestWith(basic(text)))));
    expect(answers.map((principal) => principal?.name)).to.deep.equal(
      texts.map((text) => (text.startsWith('ann') ? 'ann' : undefined)),
    );
  });

  it('hashes each password with its own salt', async () => {
    const [one, other] = [await hashPassword('sesame', SCRYPT), await hashPassword('sesame', SCRYPT)];
    expect(one.salt).not.to.equal(other.salt);
    expect(one.hash).not.to.equal(other.hash);
  });
});
