<?php

// Front controller; also the router script of `php -S`, so nothing below public/ is served as a file.

$root = dirname(__DIR__);
$down = getenv('STATE_DIR').'/storage/framework/maintenance.php';

if (is_file($down)) {
    require $down;
}

require (getenv('COMPOSER_VENDOR_DIR') ?: $root.'/vendor').'/autoload.php';

(require $root.'/bootstrap/app.php')->handleRequest(Illuminate\Http\Request::capture());
