<?php
// Posts fields as PHP clients do: curl is given an array, and sends multipart/form-data.
[, $url, $fields] = $argv;
$curl = curl_init($url);
curl_setopt_array($curl, [
    CURLOPT_POST => true,
    CURLOPT_POSTFIELDS => json_decode($fields, true),
    CURLOPT_HTTPHEADER => array_slice($argv, 3),
    CURLOPT_RETURNTRANSFER => true,
    CURLOPT_TIMEOUT => 20,
]);
echo curl_exec($curl);
