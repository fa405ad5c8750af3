import { describeOn } from '../../database-server.js';
import { describeBatches, describeConformance } from './describe-conformance.js';

describeOn('PostgreSQL', 'KnexProfileRepository', describeConformance);
describeOn('PostgreSQL', 'KnexProfileRepository, in batches', describeBatches);
