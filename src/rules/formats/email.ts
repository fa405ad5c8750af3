const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
const TOP_LEVEL = '(?:[A-Za-z]{2,63}|xn--[A-Za-z0-9-]{0,58}[A-Za-z0-9])';

const MAX_LENGTH = 254;
const MAX_LOCAL_LENGTH = 64;

const EMAIL = new RegExp(`^(?=[^@]{1,${MAX_LOCAL_LENGTH}}@)${ATOM}(?:\\.${ATOM})*@(?:${LABEL}\\.)+${TOP_LEVEL}$`);

/**
 * An e-mail address as people have them: a mailbox of RFC 5321 with a domain name and without quotes. ASCII alone, as
 * JSON Schema has it: the name of an international domain is given in Punycode.
 */
export function isEmail(text: string): boolean {
  return text.length <= MAX_LENGTH && EMAIL.test(text);
}
