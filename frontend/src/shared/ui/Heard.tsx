import { useEffect, useState } from 'react';

const PAUSE = 600;

/** Says a text to screen readers once it has stood for a moment: what a search found, and not what each letter of it did. */
export function Heard({ text }: { text: string }) {
  const [said, setSaid] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setSaid(text), PAUSE);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <p role="status" className="sr-only">
      {said}
    </p>
  );
}
