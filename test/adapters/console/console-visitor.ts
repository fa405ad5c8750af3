import { createDossier, type SchemaDefinition, type ServiceOptions } from 'dossier';
import { type ConsoleOptions, createConsole } from 'dossier/console';
import { InMemoryProfileRepository } from 'dossier/memory';

export interface Page {
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
  /** What a person reads: the page without its tags. */
  readonly text: string;
  /** Fields of the form that is sent by `POST`, as the browser would send them untouched. */
  readonly fields: URLSearchParams;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

function decoded(html: string): string {
  return html.replace(/&(amp|lt|gt|quot|#39);/g, (_, name) => ENTITIES[name] ?? '');
}

function attributeOf(tag: string, name: string): string | undefined {
  const value = new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1];
  return value === undefined ? undefined : decoded(value);
}

/** The fields that a browser would send, of all forms of the page that are sent by `POST`. */
function fieldsIn(html: string): URLSearchParams {
  const fields = new URLSearchParams();
  for (const [, form = ''] of html.matchAll(/<form method="post"(.*?)<\/form>/gs)) {
    const controls = form.matchAll(
      /<input([^>]*)>|<textarea([^>]*)>\n?([^<]*)<\/textarea>|<select([^>]*)>(.*?)<\/select>/gs,
    );
    for (const [, input, area, areaText = '', select, options = ''] of controls) {
      const tag = input ?? area ?? select ?? '';
      const name = attributeOf(tag, 'name');
      if (name === undefined || /type="(?:checkbox|radio|file)"/.test(tag)) continue;
      const chosen = /<option([^>]*)selected/.exec(options)?.[1] ?? '';
      const value =
        input !== undefined
          ? attributeOf(tag, 'value')
          : area !== undefined
            ? decoded(areaText)
            : attributeOf(`${chosen} `, 'value');
      // Browsers send line breaks so.
      fields.append(name, (value ?? '').replace(/\r\n?|\n/g, '\r\n'));
    }
  }
  return fields;
}

/** What the box says that confirms a loss. */
export function confirmationIn({ html }: Page): string {
  return /name="confirm" value="([^"]+)"/.exec(html)?.[1] ?? '';
}

function withoutEmpty(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== ''));
}

export interface VisitorOptions extends ConsoleOptions {
  readonly services?: ServiceOptions;
}

/** Someone who uses the console without a browser, over real services in memory; tenant 1 is the default one. */
export function createVisitor({ services, ...options }: VisitorOptions = {}) {
  const dossier = createDossier({ repository: new InMemoryProfileRepository(), ...services });
  const app = createConsole(dossier, { defaultTenant: '1', onError: console.error, ...options });
  let cookie = '';

  async function pageOf(response: Response): Promise<Page> {
    cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie;
    const html = await response.text();
    const text = decoded(html.replace(/<[^>]*>/g, ' ')).replace(/\s+/g, ' ');
    return { status: response.status, headers: response.headers, html, text, fields: fieldsIn(html) };
  }

  async function get(path: string, headers: Record<string, string> = {}): Promise<Page> {
    return pageOf(await app.request(path, { headers: { cookie, ...headers } }));
  }

  /** Sends a form, and follows the redirect to the page after it. */
  async function post(
    path: string,
    fields: Iterable<[string, string]>,
    headers: Record<string, string> = {},
  ): Promise<Page> {
    const response = await app.request(path, {
      method: 'POST',
      headers: withoutEmpty({ cookie, 'sec-fetch-site': 'same-origin', ...headers }),
      body: new URLSearchParams([...fields]),
    });
    const location = response.headers.get('location');
    const { authorization } = headers;
    return response.status === 303 && location
      ? get(location, authorization ? { authorization } : {})
      : pageOf(response);
  }

  /** Sends a form with a file. */
  async function upload(path: string, form: FormData): Promise<Page> {
    const headers = { cookie, 'sec-fetch-site': 'same-origin' };
    return pageOf(await app.request(path, { method: 'POST', headers, body: form }));
  }

  /** Opens the form of a page, changes some of its fields, and presses a button of it. */
  async function fillIn(page: Page, path: string, changes: Record<string, string>, headers?: Record<string, string>) {
    const fields = new URLSearchParams(page.fields);
    for (const [name, value] of Object.entries(changes)) fields.set(name, value);
    return post(path, fields, headers);
  }

  return { ...dossier, app, get, post, upload, fillIn };
}

export type Visitor = ReturnType<typeof createVisitor>;

export const SCHEMA: SchemaDefinition = {
  attributes: [
    { name: 'LastName', type: 'string', title: 'Last name', mandatory: true },
    { name: 'FirstName', type: 'string', title: 'First name' },
    { name: 'DOB', type: 'date', title: 'Date of birth', minimum: '1900-01-01', protected: true },
    { name: 'Email', type: 'string', multiValued: true, title: 'E-mail addresses', format: 'email' },
    { name: 'Notes', type: 'string', length: 2000 },
    { name: 'Vip', type: 'boolean' },
    { name: 'Points', type: 'integer', minimum: 0 },
    { name: 'Account', type: 'long' },
    { name: 'Rate', type: 'double' },
    { name: 'Credit', type: 'currency' },
    { name: 'Seen', type: 'datetime' },
    { name: 'Level', type: 'string', oneOf: ['gold', 'silver'] },
  ],
  extensions: [
    {
      name: 'Address',
      type: 'single-valued',
      attributes: [
        { name: 'Street', type: 'string' },
        { name: 'City', type: 'string', title: 'Town' },
      ],
    },
    {
      name: 'Phone',
      type: 'multi-valued',
      title: 'Telephones',
      attributes: [
        { name: 'Number', type: 'string', mandatory: true, pattern: '[0-9+ -]+' },
        { name: 'Kind', type: 'string' },
      ],
      unique: ['Number'],
    },
    { name: 'Blocked', type: 'classifier', attributes: [] },
  ],
  identificationKeys: [
    { name: 'ByEmail', attributes: ['Email'], caseSensitive: false },
    { name: 'ByName', attributes: ['LastName', 'FirstName'] },
    { name: 'ByPhone', source: 'Phone', attributes: ['Number'], unique: true },
  ],
};

export const ANN = {
  customerId: 'ann',
  attributes: {
    LastName: 'Archer',
    FirstName: 'Ann',
    DOB: '1980-01-31',
    Email: ['ann@example.com', 'archer@example.com'],
    Notes: 'one\ntwo',
    Vip: true,
    Points: 7,
    Account: '9223372036854775807',
    Rate: 1.5,
    Credit: '12.5',
    Seen: '2026-01-31T12:00:00.000Z',
    Level: 'gold',
  },
  extensions: {
    Address: { Street: '1 High Street', City: 'Oxford' },
    Phone: [
      { Number: '+44 1', Kind: 'home' },
      { Number: '+44 2', Kind: 'work' },
    ],
  },
};

/** A visitor, and a tenant with one customer. */
export async function visitorOfAnn(options?: VisitorOptions): Promise<Visitor> {
  const visitor = createVisitor(options);
  await visitor.schemas.define('1', SCHEMA);
  await visitor.profiles.create('1', ANN);
  return visitor;
}
