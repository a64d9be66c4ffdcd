import { useRef, useState } from 'react';
import { MAX_TITLE_CHARACTERS } from '../../../core/limits.ts';

const EXTENSION = /\.[^.]{1,5}$/;

/** What the draft is to be called: as the file, until somebody says otherwise. */
export function useDraftTitle() {
  const [title, setTitle] = useState('');
  const ofFile = useRef('');
  const nameAfter = (file: File) => {
    if (title.trim() !== '' && title !== ofFile.current) return;
    ofFile.current = file.name.replace(EXTENSION, '').slice(0, MAX_TITLE_CHARACTERS);
    setTitle(ofFile.current);
  };
  return { title, setTitle, nameAfter };
}
