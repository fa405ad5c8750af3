import { describeOnRelease } from '../../postgresql-releases.js';
import { readReleasedRows } from '../read-released-rows.js';
import { describeWholeKit } from './describe-conformance.js';

describeOnRelease('18', 'KnexProfileRepository', (server) => {
  describeWholeKit(server);
  readReleasedRows(server);
});
