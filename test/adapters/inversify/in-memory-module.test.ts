import assert from 'node:assert/strict';
import { identifiers, inMemoryModule } from 'dossier/inversify';
import { InMemoryProfileRepository } from 'dossier/memory';
import { Container } from 'inversify';
import { describe, it } from 'mocha';

async function containerWithMemory(): Promise<Container> {
  const container = new Container();
  await container.load(inMemoryModule());
  return container;
}

describe('inMemoryModule', () => {
  it('binds one repository per container', async () => {
    const container = await containerWithMemory();
    const repository = container.get(identifiers.profileRepository);
    assert.ok(repository instanceof InMemoryProfileRepository);
    assert.equal(container.get(identifiers.profileRepository), repository);
  });

  it('gives each container its own repository', async () => {
    const [first, second] = [await containerWithMemory(), await containerWithMemory()];
    assert.notEqual(first.get(identifiers.profileRepository), second.get(identifiers.profileRepository));
  });
});
