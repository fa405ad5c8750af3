import type { Format } from '../../model/schema.js';
import type { TextTest } from '../constraints/text-tests.js';
import { COUNTRIES } from './countries.js';
import { CURRENCIES } from './currencies.js';
import { isEmail } from './email.js';
import { LANGUAGE_TAG } from './language-tag.js';
import { TIME_ZONES } from './time-zones.js';
import { isAbsoluteUri } from './uri.js';

/** Any version and variant, as JSON Schema has it. */
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

const PHONE = /^\+[1-9][0-9]{1,14}$/;

/** The test of each format. All take time linear in the text. */
export const FORMAT_TESTS: Readonly<Record<Format, TextTest>> = {
  email: isEmail,
  uri: isAbsoluteUri,
  uuid: (text) => UUID.test(text),
  phone: (text) => PHONE.test(text),
  language: (text) => LANGUAGE_TAG.test(text),
  country: (text) => COUNTRIES.has(text),
  'currency-code': (text) => CURRENCIES.has(text),
  timezone: (text) => TIME_ZONES.has(text),
};
