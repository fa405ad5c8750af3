/** Defines schemas in a process whose host has given class-validator a container that answers nothing of ours. */
import { useContainer } from 'class-validator';
import { createDossier, isDossierError } from 'dossier';
import { InMemoryProfileRepository } from 'dossier/memory';

const containers = {
  throws: () => {
    throw new Error('no such service');
  },
  nothing: () => undefined,
  // A validator, and constraints, that take anything.
  accepts: () => ({ validate: () => true, validateSync: () => [], defaultMessage: () => 'fine' }),
  refuses: () => ({ validate: () => false, validateSync: () => [{ property: 'x' }], defaultMessage: () => 'no' }),
};

const outcomes: Record<string, readonly string[]> = {};
for (const [name, get] of Object.entries(containers)) {
  useContainer({ get: get as <Service>() => Service });
  const { schemas } = createDossier({ repository: new InMemoryProfileRepository() });
  const outcomeOf = (type: string) =>
    schemas.define('1', { attributes: [{ name: 'A', type: type as 'string' }] }).then(
      () => 'ok',
      (error: unknown) => (isDossierError(error) ? error.code : String(error)),
    );
  outcomes[name] = [await outcomeOf('string'), await outcomeOf('text')];
}
process.stdout.write(JSON.stringify(outcomes));
