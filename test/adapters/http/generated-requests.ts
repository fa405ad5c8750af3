import fc from 'fast-check';
import {
  ATTRIBUTES,
  attributeDefinitions,
  EXTENSIONS,
  extensionDefinition,
  HOSTILE,
  id,
  inAnyCase,
  keyDefinition,
  mostly,
  ofExtensions,
  PERSONAL,
  phone,
  record,
  representation,
  text,
  usual,
  value,
  withId,
} from './generated-bodies.js';
import { BRUCE, JEN } from './heroes.js';

export interface GeneratedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly raw: string | undefined;
}

const query = (...parameters: fc.Arbitrary<readonly [string, string]>[]) =>
  fc
    .array(fc.oneof(...parameters), { maxLength: 4 })
    .map((pairs) => (pairs.length > 0 ? `?${pairs.map(encodePair).join('&')}` : ''));
const encodePair = ([name, given]: readonly [string, string]) =>
  `${encodeURIComponent(name)}=${encodeURIComponent(given.toWellFormed())}`;
const extensionsParameter = fc.tuple(
  fc.constant('extensions'),
  mostly(fc.constantFrom('*', 'Phone', 'Phone, Address'), fc.constant('Nope')),
);
const criterion = fc.tuple(
  mostly(fc.constantFrom('LastName', 'EmailAddress', 'Phone.Number', 'Age'), inAnyCase(ATTRIBUTES), inAnyCase(HOSTILE)),
  mostly(fc.constantFrom('Banner', '555-0100', '42', 'true'), text),
);
const idKey = inAnyCase(['byName', 'byLastName', 'byEmail', 'byPhone']);
const identifying = query(
  criterion,
  criterion,
  extensionsParameter,
  fc.tuple(fc.constant('id_key'), idKey),
  fc.tuple(fc.constant('include_profile'), fc.constantFrom('yes', 'no', 'maybe')),
  fc.tuple(fc.constant('include_extensions'), fc.constantFrom('always', 'unique', 'never')),
  fc.tuple(fc.constant('_after'), mostly(fc.constant('b'), text)),
);

/** The relative frequency of a request, and its parts. */
type Shape = readonly [weight: number, method: string, path: fc.Arbitrary<string>, body?: fc.Arbitrary<unknown>];

const path = (strings: TemplateStringsArray, ...parts: fc.Arbitrary<string>[]) =>
  fc.tuple(...parts).map((filled) => String.raw({ raw: strings }, ...filled));
const extension = mostly(fc.constant('Phone'), inAnyCase(EXTENSIONS));
const yesOrNo = (name: string) => fc.tuple(fc.constant(name), mostly(fc.constantFrom('yes', 'no'), fc.constant('x')));
const attributesParameter = fc.tuple(
  fc.constant('attributes'),
  mostly(fc.constantFrom('*', 'LastName', 'FirstName, Age'), fc.constant('Nope')),
);
const residual = fc.tuple(fc.constant('residual'), fc.constantFrom('keep', 'drop', 'x'));
const allowLoss = fc.tuple(fc.constant('allow_loss'), mostly(fc.constantFrom('Age', 'Age,Phone'), fc.constant('Nope')));
const reading = query(extensionsParameter, attributesParameter);
const rehearsing = query(yesOrNo('dry_run'));
const afterErasure = fc.tuple(fc.constant('after_erasure'), fc.constantFrom('x', ''));
const restoring = query(yesOrNo('dry_run'), allowLoss, afterErasure);
const replacing = query(yesOrNo('dry_run'), allowLoss, yesOrNo('rebase'));
const force = query(yesOrNo('force'), residual);
const revision = mostly(fc.constantFrom('1', '2', '3'), fc.constantFrom('0', '9007199254740993', '-1', 'x', '1.0'));
const paging = query(
  fc.tuple(
    fc.constantFrom('limit', 'after'),
    mostly(fc.constantFrom('1', '2', '3', '100'), fc.constantFrom('0', '101', 'x')),
  ),
);
const merging = fc.record({ force_merge: mostly<unknown>(fc.boolean(), value) }, { requiredKeys: [] });

const SHAPES: readonly Shape[] = [
  [4, 'GET', path`/profiles${identifying}`],
  [8, 'POST', path`/profiles${rehearsing}`, mostly<unknown>(fc.constantFrom(BRUCE, JEN), withId, representation)],
  [2, 'POST', path`/profiles?id_key=${idKey}`, mostly<unknown>(fc.constantFrom(BRUCE, JEN), representation)],
  [8, 'GET', path`/profiles/${id}${reading}`],
  [8, 'PUT', path`/profiles/${id}${replacing}`, mostly<unknown>(usual, representation, withId)],
  [4, 'PATCH', path`/profiles/${id}${replacing}`, mostly<unknown>(usual, representation, withId)],
  [1, 'DELETE', path`/profiles/${id}${rehearsing}`],
  [4, 'POST', path`/profiles/${id}/extensions${rehearsing}`, mostly<unknown>(ofExtensions, representation)],
  [4, 'PUT', path`/profiles/${id}/extensions/${extension}/by/unique${rehearsing}`, mostly<unknown>(phone, record)],
  [2, 'PUT', path`/profiles/${id}/extensions/${extension}/delete/by/unique`, mostly<unknown>(phone, record)],
  [6, 'PUT', path`/profiles/${id}/merge/${id}${rehearsing}`, merging],
  [3, 'GET', path`/profiles/${id}/history${paging}`],
  [3, 'GET', path`/profiles/${id}/history/${revision}${reading}`],
  [3, 'POST', path`/profiles/${id}/history/${revision}/restore${restoring}`],
  [2, 'POST', path`/profiles/${id}/erasure${rehearsing}`],
  [2, 'GET', path`/profiles/${id}/erasure`],
  [1, 'GET', path`/metadata/profiles`],
  [1, 'GET', path`/metadata/profiles/schema.json`],
  [1, 'PUT', path`/metadata/profiles${query(residual)}`, fc.record({ attributes: attributeDefinitions })],
  [1, 'GET', path`/metadata/profiles/extensions`],
  [1, 'POST', path`/metadata/profiles/extensions`, extensionDefinition],
  [1, 'GET', path`/metadata/profiles/extensions/${extension}`],
  [1, 'PUT', path`/metadata/profiles/extensions/${extension}${force}`, extensionDefinition],
  [1, 'DELETE', path`/metadata/profiles/extensions/${extension}${force}`],
  [1, 'GET', path`/metadata/identification-keys`],
  [1, 'POST', path`/metadata/identification-keys`, keyDefinition],
  [1, 'GET', path`/metadata/identification-keys/${inAnyCase(['byName', 'x'])}`],
  [1, 'DELETE', path`/metadata/identification-keys/${inAnyCase(['byKind', 'x'])}`],
  [1, 'GET', path`/server/status`],
  [1, 'GET', path`/openapi.json`],
];

/** Stands for the newest tag that was answered. */
export const NEWEST_TAG = 'NEWEST';

const tag = mostly(
  fc.constantFrom('"1"', '"2"', '*', NEWEST_TAG, `"9", ${NEWEST_TAG}`, `W/${NEWEST_TAG}`),
  fc.constantFrom('W/"1"', '3', '', '"1", "2"', '"x'),
);
const headerValues = {
  'if-match': tag,
  'if-none-match': tag,
  'x-genesys-tenantid': fc.constantFrom('1', '01', '2', '3', '3', 'x', ''),
  'x-genesys-segment': fc.constantFrom('gold', 'x'.repeat(65)),
  'x-genesys-actor': fc.constantFrom('Zo%C3%AB', '%', ''),
  'x-genesys-reason': fc.constantFrom('Asked%20by%20phone', '%0A', 'x'.repeat(257)),
  'x-role': fc.constantFrom('reader', 'writer', 'nobody'),
  'content-type': fc.constantFrom('application/json; charset=utf-8', 'text/plain', ''),
  'content-encoding': fc.constantFrom('gzip', 'identity'),
};
const oneHeader = fc.oneof(
  ...Object.entries(headerValues).map(([name, given]) => given.map((text) => ({ [name]: text }))),
);
const headers: fc.Arbitrary<Record<string, string>> = fc.oneof(
  { weight: 5, arbitrary: fc.constant({}) },
  { weight: 5, arbitrary: oneHeader },
  { weight: 1, arbitrary: fc.record(headerValues, { requiredKeys: [] }) },
);

/** Mostly leaves the text of a body as it is, sometimes corrupts it. */
const spoil = mostly<(json: string) => string>(
  fc.constant((json) => json),
  fc.constantFrom<(json: string) => string>(
    (json) => json.slice(0, -1),
    (json) => `[${json}]`,
    (json) => json.replace('{', '{"x":1,"x":1,'),
    (json) => '['.repeat(10_000) + json,
    (json) => `\ufeff${json}`,
    (json) => json.replace(PERSONAL, '\\ud800'),
    (json) => json.replace('42', '1e999'),
    () => '',
  ),
  fc.string().map((junk) => () => junk),
);

const paths = SHAPES.map(([, , at]) => at);
/** Any segment of a path. `fc.webSegment` says the same, and takes seconds to begin. */
const segment = fc
  .array(
    mostly(
      fc.constantFrom(..."aZ09-._~!$&'()*+,;=:@"),
      fc
        .string({ unit: 'binary', minLength: 1, maxLength: 1 })
        .map((character) => encodeURIComponent(character.toWellFormed())),
    ),
  )
  .map((parts) => parts.join(''));
const wellShaped = fc.oneof(
  ...SHAPES.map(([weight, method, at, body = fc.constant(undefined)]) => ({
    weight,
    arbitrary: fc.record({ method: fc.constant(method), path: at, body }),
  })),
);
const misshapen = fc.record({
  method: fc.constantFrom('GET', 'HEAD', 'PUT', 'POST', 'DELETE', 'PATCH', 'OPTIONS'),
  path: fc.oneof(
    ...paths,
    fc.array(segment).map((junk) => `/${junk.join('/')}`),
    fc.tuple(fc.oneof(...paths), segment).map((parts) => parts.join('/')),
  ),
  body: fc.oneof(fc.jsonValue(), representation),
});

/** A request to the API: mostly plausible, sometimes malformed. */
export const generatedRequest: fc.Arbitrary<GeneratedRequest> = fc
  .record({ shape: mostly(wellShaped, misshapen), headers, spoil })
  .map(({ shape: { method, path: at, body }, headers: given, spoil: spoilt }) => ({
    method,
    path: at,
    headers: given,
    raw: body === undefined || method === 'GET' || method === 'HEAD' ? undefined : spoilt(JSON.stringify(body)),
  }));
