<?php

return [
    'guard' => 'web',
    'connection' => 'central', // must not follow the default connection, which tenancy switches
];
