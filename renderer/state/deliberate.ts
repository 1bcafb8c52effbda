import type { DeletionPreview } from '../../shared/deletion-preview.ts';
import { formatCount } from '../../shared/words.ts';

/** So many archives can be looked at one by one before they go. */
const FEW = 10;

/**
 * What somebody types who means to delete these archives: their number, or the vault's name when it is a single one.
 * Null when they are few and each has its file on this computer, so that nothing is lost that cannot be had again.
 */
export function deliberateText({ count, vaults, copies }: DeletionPreview): string | null {
  const isCopied = copies.there === count;
  if (isCopied && count <= FEW) return null;
  const [only] = vaults;
  return count === 1 && only ? only.vault : formatCount(count);
}

/**
 * How far somebody has come who is to type this text. Numbers may be typed with or without what parts their thousands,
 * names with blanks around them.
 */
export function howTyped(typed: string, text: string): 'begun' | 'typed' | 'wrong' {
  const bare = /^[\d,]+$/.test(text) ? digitsOf : trimmed;
  const [is, mustBe] = [bare(typed), bare(text)];
  if (is === mustBe) return 'typed';
  return mustBe.startsWith(is) ? 'begun' : 'wrong';
}

function trimmed(text: string): string {
  return text.trim();
}

function digitsOf(text: string): string {
  return text.replace(/[\s,.'’]/g, '');
}
