import { describeOnEachServer } from '../database-server.js';
import { readReleasedRows } from './read-released-rows.js';

describeOnEachServer('rows written by released versions', readReleasedRows);
