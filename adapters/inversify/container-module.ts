import 'reflect-metadata';
import { InvalidOptionsError } from 'dossier';
import { type Bind, ContainerModule } from 'inversify';

/**
 * A module that binds what `register` asks for, or says which Inversify it needs: that of the host may be older, and would fail
 * with an error that names neither.
 */
export function containerModule(register: (bind: Bind) => void): ContainerModule {
  const module = new ContainerModule((options) => {
    // Inversify 6 passes `bind` itself, which as a function has a `bind` too.
    if (typeof options !== 'object') throw unsupportedInversify();
    register((identifier) => {
      const binding = options.bind(identifier);
      if (typeof binding.toResolvedValue !== 'function') throw unsupportedInversify();
      return binding;
    });
  });
  // What a container of Inversify 6 calls instead of `load`.
  return Object.defineProperty(module, 'registry', {
    value: () => {
      throw unsupportedInversify();
    },
  });
}

function unsupportedInversify(): InvalidOptionsError {
  return new InvalidOptionsError([
    {
      pointer: '/container',
      rule: '',
      expected: 'a container of Inversify 8.2.3 or later, since the one that loads the module lacks toResolvedValue',
    },
  ]);
}
