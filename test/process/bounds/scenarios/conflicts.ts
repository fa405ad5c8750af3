export { conflicts as scenarios, dispose } from './history.js';
