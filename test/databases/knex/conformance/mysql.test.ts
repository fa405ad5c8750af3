import { describeOn } from '../../database-server.js';
import { describeBatches, describeConformance } from './describe-conformance.js';

describeOn('MySQL', 'KnexProfileRepository', describeConformance);
describeOn('MySQL', 'KnexProfileRepository, in batches', describeBatches);
