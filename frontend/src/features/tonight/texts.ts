import english from '@/shared/content/english/tonight.json';
import { learn } from '@/shared/content/texts';

learn(english);

export * from '@/shared/content/texts';
