<?php

namespace App\Support;

use Composer\InstalledVersions;

class Dialect
{
    /** The version of Passport that is installed: 12 or 13. */
    public static function passport(): int
    {
        return (int) InstalledVersions::getVersion('laravel/passport');
    }
}
