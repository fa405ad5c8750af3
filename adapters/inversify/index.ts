export { identifiers } from './identifiers.js';
export { inMemoryModule } from './in-memory-module.js';
export { type KnexModuleOptions, knexModule } from './knex-module.js';
export { profileModule } from './profile-module.js';
