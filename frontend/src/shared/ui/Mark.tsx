/** The lamp's flame with a directional pad inside. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 64 64" className={className} aria-hidden="true">
      <rect width="64" height="64" rx="16" fill="oklch(0.24 0.03 222)" />
      <path d="M35 6c4 9-12 12-12 22 0 3 1.500 5 3 6h12c5-3 8-7 7-13 3 3 5 7 5 12 0 12-8 20-18 24-10-4-18-12-18-23C14 20 31 19 35 6Z" fill="oklch(0.815 0.148 79)" />
      <path d="M29 35h6v5h5v6h-5v5h-6v-5h-5v-6h5z" fill="oklch(0.24 0.03 222)" />
    </svg>
  );
}
