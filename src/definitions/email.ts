/// <reference path="./is-email.d.ts" />
// The module of one function: the whole package takes ten times as long to load.
import { isEmail } from 'class-validator/cjs/decorator/string/IsEmail.js';

/** ASCII alone, as JSON Schema has it: the name of an international domain is given in Punycode. */
const ASCII = /^[\x21-\x7E]+$/;

/** An e-mail address with a domain name. */
export function isAsciiEmail(text: string): boolean {
  return ASCII.test(text) && isEmail(text);
}
