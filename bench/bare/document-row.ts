/** A row with JSON text, as the driver returns it. */
export interface DocumentRow {
  readonly id: string;
  readonly attributes: string;
  readonly extensions: string;
  readonly updated_at: string;
}

export function profileOf({ id, attributes, extensions, updated_at }: DocumentRow): unknown {
  return {
    customerId: id,
    attributes: JSON.parse(attributes),
    extensions: JSON.parse(extensions),
    updatedAt: updated_at,
  };
}

/** {@link profileOf} without extensions. */
export function attributesOf({ id, attributes, updated_at }: Omit<DocumentRow, 'extensions'>): unknown {
  return { customerId: id, attributes: JSON.parse(attributes), updatedAt: updated_at };
}

/** The timestamp of a change, as it is stored. */
export function now(): string {
  return new Date().toISOString();
}
