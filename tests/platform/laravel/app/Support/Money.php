<?php

namespace App\Support;

class Money
{
    /** How an amount is written. */
    public const RULE = 'regex:/^\d{1,10}(\.\d{1,2})?$/';

    /** `1498.49` → 149849, `1498.5` → 149850. */
    public static function hundredths(mixed $text): int
    {
        [$whole, $part] = explode('.', $text.'.');

        return (int) $whole * 100 + (int) str_pad($part, 2, '0');
    }

    /** 149849 → `1498.49`. */
    public static function text(int $hundredths): string
    {
        return sprintf('%d.%02d', intdiv($hundredths, 100), $hundredths % 100);
    }
}
