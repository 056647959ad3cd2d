import { Skeleton } from '#app/_ui/skeleton.tsx';

/** The outline of an order, in the places where its parts will be. */
export default function OrderLoading() {
  return (
    <div
      role="status"
      aria-label="Loading the order"
      className="mx-auto flex max-w-180 flex-col gap-3 p-3 xl:p-4"
    >
      <Skeleton className="h-7 w-24 xl:hidden" />
      <Skeleton className="h-7 w-44" />
      <div className="grid grid-cols-2 gap-4 sm:grid-cols-4">
        {['location', 'brand', 'delivered', 'took'].map((fact) => (
          <Skeleton key={fact} className="h-13" />
        ))}
      </div>
      <Outline height="h-76" />
      <Outline height="h-80" />
      <Outline height="h-40" />
      <Outline height="h-90" />
    </div>
  );
}

function Outline({ height }: { height: string }) {
  return (
    <div className={`rounded-8 border bg-surface ${height}`}>
      <div className="flex h-10 items-center border-b px-4">
        <Skeleton className="h-4 w-32" />
      </div>
      <div className="flex flex-col gap-3 p-4">
        <Skeleton className="h-7 w-28" />
        <Skeleton className="h-4 w-full" />
        <Skeleton className="h-4 w-2/3" />
      </div>
    </div>
  );
}
