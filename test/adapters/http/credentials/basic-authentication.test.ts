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
      await user('ann', 'sesame: open', { role: 'writer', tenants: ['7'], maySetSegment: true, maySetActor: true }),
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
      maySetActor: true,
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

  it('hashes once for concurrent requests with the same password, right or wrong', async () => {
    for (const [text, name] of [
      ['ann:sesame: open', 'ann'],
      ['ann:sesame: shut', undefined],
      ['nobody:x', undefined],
    ] as const) {
      const authenticate = basicAuthentication(credentials());
      let answers: (string | undefined)[] = [];
      const hashes = await hashesDuring(async () => {
        const requests = Array.from({ length: 32 }, () => authenticate(requestWith(basic(text))));
        answers = (await Promise.all(requests)).map((principal) => principal?.name);
      });
      expect(hashes, text).to.equal(1);
      expect(answers).to.deep.equal(Array(32).fill(name));
    }
  });

  it('a password in use is not hashed again after five minutes', async () => {
    const authenticate = basicAuthentication(credentials());
    const request = () => authenticate(requestWith(basic('ann:sesame: open')));
    await request();
    const now = performance.now.bind(performance);
    try {
      for (const minutes of [4, 8, 12]) {
        performance.now = () => now() + minutes * 60_000;
        expect(await hashesDuring(request), `${minutes} minutes`).to.equal(0);
      }
      performance.now = () => now() + 18 * 60_000;
      expect(await hashesDuring(request)).to.equal(1);
    } finally {
      performance.now = now;
    }
  });

  it('too_many_requests: refuses at once what would wait behind too many, and serves a remembered password meanwhile', async () => {
    const authenticate = basicAuthentication(credentials(), { maxConcurrentHashes: 1, maxWaitingHashes: 3 });
    await authenticate(requestWith(basic('ann:sesame: open')));
    const attempts = Array.from({ length: 40 }, (_, index) =>
      authenticate(requestWith(basic(`ann:wrong ${index}`))).catch(({ code, retryAfter }) => [code, retryAfter]),
    );
    expect(await authenticate(requestWith(basic('ann:sesame: open')))).to.include({ name: 'ann' });
    const answers = await Promise.all(attempts);
    expect(answers.filter((answer) => answer === undefined)).to.have.length(4);
    for (const answer of answers.slice(4)) {
      const [code, retryAfter] = answer as [string, number];
      expect(code).to.equal('too_many_requests');
      // As long as the queue takes, which depends on the machine.
      expect(retryAfter).to.be.at.least(1).and.at.most(60);
    }
    // The queue is free again.
    expect(await authenticate(requestWith(basic('bob:Pässwörd 𝒳')))).to.include({ name: 'bob' });
  });

  it('returns 429 with Retry-After', async () => {
    const limits = { maxConcurrentHashes: 1, maxWaitingHashes: 0 };
    const { send } = createApiHarness({ authenticate: basicAuthentication(credentials(), limits) });
    const answers = await Promise.all(
      ['ann:1', 'ann:2'].map((text) => send('GET', '/profiles/x', { headers: { authorization: basic(text) } })),
    );
    const [refused] = answers.filter(({ status }) => status === 429);
    expect([refused?.body.code, refused?.headers.get('retry-after')]).to.deep.equal(['too_many_requests', '1']);
    expect(refused?.headers.get('content-type')).to.equal('application/problem+json');
  });

  it('drops the hash of clients that have left, unless another one waits for it', async () => {
    const authenticate = basicAuthentication(credentials(), { maxConcurrentHashes: 1, maxWaitingHashes: 3 });
    const leaving = new AbortController();
    const send = (text: string, signal?: AbortSignal) =>
      authenticate(
        new Request('http://localhost/', { headers: { authorization: basic(text) }, signal: signal ?? null }),
      );
    const hashes = await hashesDuring(async () => {
      const busy = send('ann:wrong');
      const left = ['ann:1', 'ann:2', 'bob:Pässwörd 𝒳'].map((text) =>
        send(text, leaving.signal).catch((error) => error),
      );
      const staying = send('bob:Pässwörd 𝒳');
      await new Promise(setImmediate);
      leaving.abort();
      for (const outcome of await Promise.all(left)) expect(outcome).to.equal(leaving.signal.reason);
      expect(await busy).to.equal(undefined);
      expect(await staying).to.include({ name: 'bob' });
      // What was dropped is not joined.
      expect(await send('ann:1')).to.equal(undefined);
    });
    expect(hashes).to.equal(3);
  });

  it('invalid_options: names each limit that is not valid', () => {
    const options = { maxConcurrentHashes: 0, maxWaitingHashes: 1.5, limit: 1 } as object;
    expect(() => basicAuthentication(credentials(), options))
      .to.throw()
      .with.property('violations')
      .that.satisfies((violations: readonly { pointer: string }[]) => {
        expect(violations.map(({ pointer }) => pointer)).to.have.members([
          '/maxConcurrentHashes',
          '/maxWaitingHashes',
          '/limit',
        ]);
        return true;
      });
    expect(() => basicAuthentication(credentials(), null as never))
      .to.throw()
      .with.property('code', 'invalid_options');
  });

  it('hashes each password with its own salt', async () => {
    const [one, other] = [await hashPassword('sesame', SCRYPT), await hashPassword('sesame', SCRYPT)];
    expect(one.salt).not.to.equal(other.salt);
    expect(one.hash).not.to.equal(other.hash);
  });
});
