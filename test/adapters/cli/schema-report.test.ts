import { expect } from 'chai';
import { printReport } from '../../../adapters/cli/schema-report.js';

const NOTHING = {
  fits: true,
  profiles: 1,
  changed: 0,
  violations: [],
  residual: [],
  returning: [],
  records: [],
  agreeing: [],
  collisions: [],
  keysInUse: [],
};

const some = (pointer: string) => ({ pointer, count: 4, profiles: 3, customerIds: ['ann', 'bob'] });

describe('dossier schema try: the report', () => {
  it('is one line if everything fits', () => {
    expect(printReport(NOTHING)).to.equal('1 profile. The schema fits.');
    expect(printReport({ ...NOTHING, profiles: 5, changed: 2 })).to.equal(
      '5 profiles. The schema fits. 2 were created or changed meanwhile.',
    );
  });

  it('S1 has a line for each finding, with some of the profiles', () => {
    const report = printReport({
      ...NOTHING,
      fits: false,
      violations: [{ ...some(''), rule: 'R18', expected: 'at most 1000 combinations' }],
      residual: [some('/Plan')],
      returning: [some('/Score')],
      records: [some('/Phone')],
      agreeing: [some('/Card')],
      collisions: [{ key: 'byEmail', count: 2, customerIds: ['ann', 'bob'] }],
      keysInUse: ['byName', 'byPlan'],
    });
    expect(report.split('\n')).to.deep.equal([
      '1 profile. The schema does not fit.',
      'Broken rules:',
      '  (the whole): R18, expected at most 1000 combinations: 4 in 3 profiles (ann, bob, …)',
      'Values that would be hidden:',
      '  /Plan: 4 in 3 profiles (ann, bob, …)',
      'Hidden values that would come back:',
      '  /Score: 4 in 3 profiles (ann, bob, …)',
      'Records that the change would need to delete:',
      '  /Phone: 4 in 3 profiles (ann, bob, …)',
      'Records that agree on the unique attributes:',
      '  /Card: 4 in 3 profiles (ann, bob, …)',
      'Colliding entries of unique keys:',
      '  byEmail: 2, such as of ann, bob',
      'Keys on attributes that the change removes, retypes or joins, or that would have other values: byName, byPlan',
    ]);
  });
});
