import { InMemoryProfileRepository } from 'dossier/memory';
import { expectPagesBoundedByBytes } from '../page-bytes.js';

describe('in-memory repository: pages', () => {
  it('are bounded by the size of their documents', () => expectPagesBoundedByBytes(new InMemoryProfileRepository()));
});
