import { InvalidOptionsError } from '../errors.js';
import { isPlainObject } from '../model/plain-object.js';
import { type Violation, Violations } from '../model/violation.js';
import { isRepository } from '../storage/is-repository.js';
import { checkForm } from './check-form.js';
import { ProfileOptionsForm } from './profile-options.js';

const FUNCTIONS = ['now', 'generateCustomerId'] as const;

/**
 * Checks the options of the services, all of them at once.
 *
 * @param others violations that are known already, to be reported with these
 * @throws InvalidOptionsError with a violation for each option, by its name
 */
export function checkOptions(options: unknown, others: readonly Violation[] = []): void {
  const violations = new Violations();
  checkForm(ProfileOptionsForm, options, violations);
  if (isPlainObject(options)) {
    const { replica } = options;
    if (replica !== undefined && !isRepository(replica)) violations.add('/replica', '', 'a ProfileRepository');
    for (const name of FUNCTIONS) {
      const given = options[name];
      if (given !== undefined && typeof given !== 'function') violations.add(`/${name}`, '', 'a function');
    }
  }
  if (others.length + violations.count > 0) throw new InvalidOptionsError([...others, ...violations.items]);
}
