<?php

namespace App\Support;

use DateTimeImmutable;
use Defuse\Crypto\Crypto;
use Laravel\Passport\Passport;
use Lcobucci\JWT\Encoding\JoseEncoder;
use Lcobucci\JWT\Encoding\UnifyAudience;
use Lcobucci\JWT\Signer\Key\InMemory;
use Lcobucci\JWT\Signer\Rsa\Sha256;
use Lcobucci\JWT\Token\Builder;
use Lcobucci\JWT\Token\Parser;
use Lcobucci\JWT\UnencryptedToken;

/**
 * A look inside tokens, for tests. An access token is a signed JWT with its own times; codes and refresh tokens are
 * encrypted, their time inside. Passport looks at those times, never at the `expires_at` of its tables.
 */
class Tokens
{
    /** The token as it is when its time is over: the same claims, ten years older, signed or encrypted anew. */
    public static function expired(string $token): string
    {
        if (! str_contains($token, '.')) {
            $payload = self::open($token);
            $payload->expire_time -= 315360000;

            return Crypto::encryptWithPassword(json_encode($payload), self::key());
        }

        $claims = self::parse($token)->claims();
        $before = fn (string $claim): DateTimeImmutable => $claims->get($claim)->modify('-10 years');

        return (new Builder(new JoseEncoder, new UnifyAudience))
            ->permittedFor(...$claims->get('aud'))->identifiedBy($claims->get('jti'))->relatedTo($claims->get('sub'))
            ->issuedAt($before('iat'))->canOnlyBeUsedAfter($before('nbf'))->expiresAt($before('exp'))
            ->withClaim('scopes', $claims->get('scopes'))
            ->getToken(new Sha256, InMemory::file(Passport::keyPath('oauth-private.key')))->toString();
    }

    /** The number of rows that it was revoked in: one, or none when there is no such token. */
    public static function revoke(string $token): int
    {
        [$model, $id] = str_contains($token, '.')
            ? [Passport::tokenModel(), self::parse($token)->claims()->get('jti')]
            : [Passport::refreshTokenModel(), self::open($token)->refresh_token_id];

        return $model::query()->whereKey($id)->update(['revoked' => true]);
    }

    private static function parse(string $token): UnencryptedToken
    {
        return (new Parser(new JoseEncoder))->parse($token);
    }

    private static function open(string $token): object
    {
        return json_decode(Crypto::decryptWithPassword($token, self::key()));
    }

    private static function key(): string
    {
        return app('encrypter')->getKey();
    }
}
