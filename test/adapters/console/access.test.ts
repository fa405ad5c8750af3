import { expect } from 'chai';
import { TooManyRequestsError } from 'dossier';
import { createConsole } from 'dossier/console';
import type { Principal } from 'dossier/http';
import { Hono } from 'hono';
import { createVisitor, SCHEMA, type Visitor, visitorOfAnn } from './console-visitor.js';

const PRINCIPALS: Readonly<Record<string, Principal>> = {
  rita: { name: 'rita', role: 'reader' },
  will: { name: 'will', role: 'writer', tenants: ['1'] },
  tess: { name: 'tess', role: 'administrator', tenants: ['1', '7'] },
};

const as = (name: string) => ({ authorization: name });

describe('console: who may do what', () => {
  let visitor: Visitor;

  beforeEach(async () => {
    visitor = await visitorOfAnn({
      authenticate: ({ headers }) => PRINCIPALS[headers.get('authorization') ?? ''],
      challenge: 'Basic realm="Desk"',
    });
  });

  for (const path of ['/', '/profiles/ann', '/profiles/ann/edit', '/profiles/ann/merge', '/import', '/nothing']) {
    it(`asks for credentials at ${path}, as the interface does`, async () => {
      const page = await visitor.get(path);
      expect(page.status).to.equal(401);
      expect(page.headers.get('www-authenticate')).to.equal('Basic realm="Desk"');
      expect(page.html).not.to.include('Archer');
    });
  }

  it('authenticates a caller once per page', async () => {
    let calls = 0;
    visitor = await visitorOfAnn({
      authenticate: () => {
        calls += 1;
        return PRINCIPALS.tess;
      },
    });
    await visitor.get('/profiles/ann');
    expect(calls).to.equal(1);
  });

  it('tells a caller that has tried too often to wait', async () => {
    visitor = await visitorOfAnn({
      authenticate: () => {
        throw new TooManyRequestsError('Too many wrong passwords.', { retryAfter: 7 });
      },
    });
    const page = await visitor.get('/profiles/ann');
    expect([page.status, page.headers.get('retry-after')]).to.deep.equal([429, '7']);
    expect(page.text).to.include('Too many wrong passwords.');
  });

  it('shows a reader what readers can do, and refuses the rest without asking for other credentials', async () => {
    const page = await visitor.get('/profiles/ann', as('rita'));
    expect(page.text).to.include('Archer').and.to.include('rita (reader)');
    expect(page.html).not.to.match(/\/edit|\/merge|\/import/);
    const form = await visitor.get('/profiles/ann/edit', as('rita'));
    const saved = await visitor.fillIn(form, '/profiles/ann/edit', { button: 'save', '/FirstName': 'X' }, as('rita'));
    expect(saved.status).to.equal(403);
    expect(saved.headers.get('www-authenticate')).to.equal(null);
    expect((await visitor.profiles.get('1', 'ann')).revision).to.equal(1);
  });

  it('makes changes in the name of the caller', async () => {
    const form = await visitor.get('/profiles/ann/edit', as('will'));
    expect(form.html).not.to.include('name="reason"');
    await visitor.fillIn(form, '/profiles/ann/edit', { button: 'save', '/FirstName': 'X', reason: 'none' }, as('will'));
    const { items } = await visitor.profiles.history('1', 'ann');
    expect(items[0]).to.include({ actor: 'will', operation: 'replace' }).and.not.to.have.property('reason');
  });

  it('R17, W1 keeps the tenant in every link, and gives nobody another one', async () => {
    await visitor.schemas.define('7', SCHEMA);
    await visitor.profiles.create('7', { customerId: 'ann', attributes: { LastName: 'Seven' } });
    const page = await visitor.get('/profiles/ann?tenant=7', as('tess'));
    expect(page.text).to.include('Seven').and.to.include('Tenant 7');
    for (const [, target = ''] of page.html.matchAll(/href="(\/[^"]*)"/g)) {
      if (!target.endsWith('.css')) expect(target).to.include('tenant=7');
    }
    const form = await visitor.get('/profiles/ann/edit?tenant=7', as('tess'));
    expect(form.html).to.include('action="/profiles/ann/edit?tenant=7"');
    const refused = await visitor.get('/profiles/ann?tenant=7', as('will'));
    expect(refused.status).to.equal(403);
    expect(refused.text).not.to.include('Seven');
  });

  it('W1 without a default tenant asks which one', async () => {
    visitor = createVisitor({ defaultTenant: undefined, authenticate: () => PRINCIPALS.tess });
    await visitor.schemas.define('7', SCHEMA);
    expect((await visitor.get('/')).html).to.include('href="/?tenant=7"');
    expect((await visitor.get('/?tenant=7')).text).to.include('Find a customer');
    visitor = createVisitor({ defaultTenant: undefined });
    expect((await visitor.get('/')).html).to.include('name="tenant"');
  });

  it('is mounted in a host in one line, and knows whom the host has signed in', async () => {
    const host = new Hono<{ Variables: { user: Principal } }>();
    host.use(async (context, next) => {
      context.set('user', { name: 'host-user', role: 'reader' });
      await next();
    });
    const { profiles, schemas } = visitor;
    host.route(
      '/desk',
      createConsole({ profiles, schemas }, { defaultTenant: '1', authenticate: (_, { get }) => get('user') }),
    );
    const answer = await host.request('/desk/profiles/ann');
    const html = await answer.text();
    expect(html).to.include('host-user').and.to.include('href="/desk/profiles/ann/history"');
    const style = /href="(\/desk\/style[^"]+)"/.exec(html)?.[1] ?? '';
    expect((await host.request(style)).headers.get('content-type')).to.equal('text/css; charset=utf-8');
    expect((await host.request('/desk/')).headers.get('location')).to.equal('/desk');
    expect((await visitor.app.request('http://localhost//evil.example/')).headers.get('location')).to.equal(null);
  });
});

describe('console: forms from elsewhere, and values as text', () => {
  const EDIT = '/profiles/ann/edit';
  let visitor: Visitor;

  beforeEach(async () => {
    visitor = await visitorOfAnn();
  });

  async function sentWith(headers: Record<string, string>, changes: Record<string, string> = {}) {
    const form = await visitor.get(EDIT);
    const page = await visitor.fillIn(form, EDIT, { button: 'save', '/FirstName': 'X', ...changes }, headers);
    return { page, saved: (await visitor.profiles.get('1', 'ann')).revision === 2 };
  }

  const REFUSED: Readonly<Record<string, [headers: Record<string, string>, changes?: Record<string, string>]>> = {
    'Sec-Fetch-Site of another site': [{ 'sec-fetch-site': 'cross-site' }],
    'Sec-Fetch-Site of a sister site': [{ 'sec-fetch-site': 'same-site' }],
    'an Origin of another site': [{ 'sec-fetch-site': '', origin: 'https://evil.example' }],
    'an opaque Origin': [{ origin: 'null' }],
    'neither Sec-Fetch-Site nor Origin': [{ 'sec-fetch-site': '' }],
    'no cookie': [{ cookie: '' }],
    'no token': [{}, { _token: '' }],
    'the token of another browser': [{}, { _token: 'AAAAAAAAAAAAAAAAAAAAAA' }],
  };

  for (const [what, [headers, changes]] of Object.entries(REFUSED)) {
    it(`refuses a form with ${what}`, async () => {
      const { page, saved } = await sentWith(headers, changes);
      expect(page.status).to.equal(403);
      expect(page.text).to.include('Nothing was changed.');
      expect(saved).to.equal(false);
    });
  }

  it('takes a form of its own page, also from a browser that sends Origin alone, behind a proxy', async () => {
    const headers = { 'sec-fetch-site': '', origin: 'https://desk.example', host: 'desk.example' };
    expect((await sentWith(headers)).saved).to.equal(true);
  });

  it('refuses a form that is too large, or arrives too slowly', async () => {
    visitor = await visitorOfAnn({ maxBodyBytes: 1, bodyTimeoutMs: 50 });
    const form = await visitor.get(EDIT);
    const large = await visitor.fillIn(form, EDIT, { '/Notes': 'x'.repeat(2 ** 20 + 4) });
    expect(large.status).to.equal(413);
    const body = new ReadableStream({ pull: () => new Promise(() => undefined) });
    const slow = await visitor.app.request(EDIT, { method: 'POST', body, duplex: 'half' } as RequestInit);
    expect(slow.status).to.equal(408);
  });

  it('every page has a strict policy, and is kept by no cache', async () => {
    for (const path of ['/', '/profiles/ann', EDIT, '/schema', '/nothing', '/profiles/nobody']) {
      const { headers, html } = await visitor.get(path);
      expect(headers.get('content-security-policy'))
        .to.include("default-src 'none'")
        .and.to.include("frame-ancestors 'none'");
      expect(headers.get('content-security-policy')).to.include("form-action 'self'").and.not.to.include('unsafe');
      expect(headers.get('cache-control')).to.equal('no-store');
      expect(html).not.to.match(/<script|\son[a-z]+=|style=|https?:\/\//i);
    }
  });

  it('hostile values, titles, actors and reasons stay text', async () => {
    const hostile = `"><script>alert(1)</script><img src=x onerror='alert(1)'>{{7*7}}\u202e`;
    const schema = await visitor.schemas.get('1');
    await visitor.schemas.defineAttributes('1', [
      { name: 'Bio', type: 'string', title: hostile, description: hostile, oneOf: [hostile] },
      ...schema.attributes,
    ]);
    const attributes = { LastName: hostile, FirstName: hostile, Bio: hostile };
    const extensions = { Phone: [{ Number: '1', Kind: hostile }], Address: { City: hostile } };
    const options = { actor: 'x<script>', reason: hostile.replace('\u202e', ''), allowLoss: ['DOB'] };
    await visitor.profiles.replace('1', 'ann', { attributes, extensions }, options);
    const search = new URLSearchParams({ id_key: 'ByName', LastName: hostile, FirstName: hostile });
    const paths = ['/profiles/ann', EDIT, '/profiles/ann/history', '/profiles/ann/history/1', '/schema', `/?${search}`];
    const pages = await Promise.all(paths.map((path) => visitor.get(path)));
    const form = await visitor.get(EDIT);
    pages.push(await visitor.fillIn(form, EDIT, { button: 'save', '/LastName': '', '/Phone/0/Kind': '' }));
    pages.push(await visitor.fillIn(form, EDIT, { button: 'save', '/Phone/0/Kind': '' }));
    for (const { html } of pages) {
      expect(html).to.include('&lt;script');
      expect(html).not.to.match(/<script|<img/);
    }
  });

  it('200 records of an extension are a page of a few, and the rest behind one line', async () => {
    const Phone = Array.from({ length: 200 }, (_, index) => ({ Number: String(index) }));
    await visitor.profiles.patch('1', 'ann', { extensions: { Phone } });
    const { text } = await visitor.get('/profiles/ann');
    expect(text).to.include('200 records').and.to.include('The other 180 records');
    const form = await visitor.get(EDIT);
    expect(form.html.match(/id="f-Phone-\d+-Number"/g)).to.equal(null);
    const open = await visitor.fillIn(form, EDIT, { button: 'open:/Phone/150' });
    expect(open.html.match(/id="f-Phone-\d+-Number"/g)).to.have.length(1);
    await visitor.fillIn(open, EDIT, { button: 'save', '/Phone/150/Kind': 'home' });
    const { extensions } = await visitor.profiles.get('1', 'ann', { extensions: 'all' });
    expect(extensions?.Phone).to.have.length(200).and.to.deep.include({ Number: '150', Kind: 'home' });
  });
});
