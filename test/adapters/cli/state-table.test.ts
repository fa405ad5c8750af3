import { expect } from 'chai';
import { stateTable } from '../../../adapters/cli/history/state-table.js';

describe('dossier history: the table', () => {
  it('has a line for each state, and a column for each member', () => {
    const time = '2026-01-02T03:04:05.678Z';
    const table = stateTable([
      { revision: 12, time, operation: 'delete', actor: 'Zoë 𝒳', reason: 'Asked by phone', changed: ['/Name', '/DOB'] },
      { revision: 2, time, operation: 'insert_records', reason: 'x', changed: [] },
      { revision: 1, time },
    ]);
    expect(table.split('\n')).to.deep.equal([
      'REVISION  TIME                      OPERATION       ACTOR  REASON          CHANGED',
      '12        2026-01-02T03:04:05.678Z  delete          Zoë 𝒳  Asked by phone  /Name /DOB',
      '2         2026-01-02T03:04:05.678Z  insert_records         x',
      '1         2026-01-02T03:04:05.678Z',
    ]);
  });

  it('without states, it has the names alone', () => {
    expect(stateTable([])).to.equal('REVISION  TIME  OPERATION  ACTOR  REASON  CHANGED');
  });
});
