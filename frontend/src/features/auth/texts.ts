import english from '@/shared/content/english/auth.json';
import { learn } from '@/shared/content/texts';

learn(english);

export * from '@/shared/content/texts';
