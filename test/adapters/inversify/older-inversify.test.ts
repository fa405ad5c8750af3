import { expect } from 'chai';
import { InvalidOptionsError, isDossierError } from 'dossier';
import { inMemoryModule, profileModule } from 'dossier/inversify';
import type { ContainerModule, ContainerModuleLoadOptions } from 'inversify';

type Load = (module: ContainerModule) => unknown;

const bind = () => ({ toConstantValue() {}, toDynamicValue() {} });

/** How containers without `toResolvedValue` load a module. */
const loads: Record<string, Load> = {
  'a container of Inversify 6': (module) =>
    (module as unknown as { registry: (...functions: unknown[]) => unknown }).registry(bind, () => {}),
  'Inversify 6 in the place of the package': (module) => module.load(bind as unknown as ContainerModuleLoadOptions),
  'a container whose bindings have no toResolvedValue': (module) =>
    module.load({ bind } as unknown as ContainerModuleLoadOptions),
};

describe('modules in an older Inversify', () => {
  for (const [what, load] of Object.entries(loads)) {
    it(`${what} is refused with the version that is needed`, () => {
      for (const module of [profileModule(), inMemoryModule()]) {
        expect(() => load(module))
          .to.throw(InvalidOptionsError, 'Inversify 8.2.3 or later')
          .that.satisfies(isDossierError);
      }
    });
  }
});
