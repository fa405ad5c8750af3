export { inMemoryModule } from './in-memory-module.js';
export { InMemoryProfileRepository } from './in-memory-profile-repository.js';
