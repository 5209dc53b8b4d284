<?php

namespace App\Support;

/** What every test platform holds: `../seed.json`. */
class Seed
{
    public static function read(): array
    {
        return json_decode(file_get_contents(base_path('../seed.json')), true, flags: JSON_THROW_ON_ERROR);
    }

    /** Every permission of a role; roles include one another. */
    public static function permissions(array $roles, string $role): array
    {
        $included = $roles[$role]['includes'];

        return [...($included ? self::permissions($roles, $included) : []), ...$roles[$role]['permissions']];
    }
}
