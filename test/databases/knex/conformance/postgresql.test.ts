import { describeOn } from '../../database-server.js';
import { describeConformance } from './describe-conformance.js';

describeOn('PostgreSQL', 'KnexProfileRepository', describeConformance);
