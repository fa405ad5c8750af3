export { InMemoryProfileRepository } from './in-memory-profile-repository.js';
