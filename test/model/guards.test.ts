import { createContext, runInContext } from 'node:vm';
import { expect } from 'chai';
import { isPlainObject } from '../../src/model/guards.js';

class Dto {
  Name = 'Bruce';
  greet() {
    return this.Name;
  }
}

class Extended extends Dto {
  Score = 1;
}

class WithGetter {
  #name = 'Bruce';
  get Name() {
    return this.#name;
  }
}

class BelowGetter extends WithGetter {
  Score = 1;
}

describe('a plain object', () => {
  const plain: Readonly<Record<string, unknown>> = {
    'an object literal': { Name: 'Bruce' },
    'an object without a prototype': Object.assign(Object.create(null), { Name: 'Bruce' }),
    'the result of JSON.parse': JSON.parse('{"__proto__": 1, "constructor": 2}'),
    'an instance of a class with fields': new Dto(),
    'an instance of a derived class': new Extended(),
    'an object of another realm': runInContext('({ Name: "Bruce" })', createContext()),
    'a frozen object': Object.freeze({ Name: 'Bruce' }),
  };
  for (const [name, value] of Object.entries(plain))
    it(`is ${name}`, () => expect(isPlainObject(value)).to.equal(true));

  const other: Readonly<Record<string, unknown>> = {
    'an object with a getter': {
      get Name() {
        return 'Bruce';
      },
    },
    'an object with a setter': { set Name(_: string) {} },
    'an object with a hidden value': Object.defineProperty({}, 'Name', { value: 'Bruce' }),
    'an object that inherits its values': Object.create({ Name: 'Bruce' }),
    'an instance of a class with getters': new WithGetter(),
    'an instance of a class derived from one with getters': new BelowGetter(),
    'a map': new Map([['Name', 'Bruce']]),
    'a date': new Date(0),
    'an array': [],
    'a boxed string': Object('Bruce'),
    null: null,
    'a function': () => undefined,
  };
  for (const [name, value] of Object.entries(other))
    it(`is not ${name}`, () => expect(isPlainObject(value)).to.equal(false));
});
