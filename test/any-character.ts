import fc from 'fast-check';

/** Any character of Unicode. What fast-check itself has for that, the unit `binary`, takes two seconds to be made. */
export const anyCharacter = fc
  .oneof(fc.integer({ min: 0, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff }))
  .map((code) => String.fromCodePoint(code));
