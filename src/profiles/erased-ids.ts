import { ErasedError } from '../errors.js';
import type { ErasureReceipt } from '../model/erasure-receipt.js';
import { isCustomerId } from '../rules/ids.js';
import type { ProfileRepository } from '../storage/profile-repository.js';

/** Reads which customer ids are erased (E2). Where the repository cannot erase, none is. */
export class ErasedIds {
  readonly #repository: ProfileRepository;

  constructor(repository: ProfileRepository) {
    this.#repository = repository;
  }

  /** The receipt of the erasure; `undefined` if the customer id is not erased. */
  async receipt(tenantId: string, customerId: string): Promise<ErasureReceipt | undefined> {
    if (!this.#repository.capabilities?.erasure || !isCustomerId(customerId)) return undefined;
    return (await this.#repository.lineage?.(tenantId, customerId))?.receipt;
  }

  /**
   * @param afterErasure the id of an erasure whose customer ids may be used again
   * @throws ErasedError if the customer id is erased, and not by that erasure
   */
  async refuse(tenantId: string, customerId: string, afterErasure: string | undefined): Promise<void> {
    const receipt = await this.receipt(tenantId, customerId);
    if (receipt && receipt.erasure !== afterErasure) throw new ErasedError();
  }
}
