import type { Database } from '#db/client.ts';

export type Brand = { id: number; name: string };

/** All brands by name. */
export async function listBrands(db: Database): Promise<Brand[]> {
  const { rows } = await db.pool.query<Brand>(
    'select brand_id as id, name from simulator.brands order by name, brand_id',
  );
  return rows;
}
