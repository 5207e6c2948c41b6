export function Spinner({ className = 'size-4' }: { className?: string }) {
  return (
    <svg viewBox="0 0 20 20" className={`${className} animate-spin`} aria-hidden="true">
      <circle cx="10" cy="10" r="7.500" fill="none" stroke="currentColor" strokeWidth="2.500" strokeDasharray="30 18" strokeLinecap="round" />
    </svg>
  );
}
