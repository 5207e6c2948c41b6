import { useLayoutEffect, useRef, useState } from 'react';

export type Geometry = { width: number; top: number };

/** Where a virtual list starts on the page and how wide it is: cells are placed by arithmetic only. */
export function useGeometry() {
  const box = useRef<HTMLDivElement>(null);
  const [geometry, setGeometry] = useState<Geometry>({ width: 0, top: 0 });
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const measure = () => {
      const rect = element.getBoundingClientRect();
      const next = { width: rect.width, top: Math.round(rect.top + window.scrollY) };
      setGeometry((old) => (old.width === next.width && old.top === next.top ? old : next));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    // What stands above the list moves it: chips, the shelf, a notice.
    observer.observe(document.body);
    return () => observer.disconnect();
  }, []);
  return { box, geometry };
}

/** Columns and cell sizes for a width; phones get three columns, wide screens as many as fit. */
export function gridOf(width: number): { columns: number; cell: number; gap: number; row: number } {
  const gap = width < 640 ? 12 : 20;
  const least = width < 640 ? 100 : width < 1000 ? 140 : 156;
  const columns = Math.max(2, Math.floor((width + gap) / (least + gap)));
  const cell = Math.max(0, (width - gap * (columns - 1)) / columns);
  return { columns, cell, gap, row: Math.round(cell * 1.5) + (width < 640 ? 54 : 60) + gap };
}
