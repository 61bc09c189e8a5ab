<?php
// What a source of Superfecta finds around it, as far as carnet's uses it: settings, and a request
// with the options of its get_url_contents. Prints the name that the source gives for a number.
//
//   php superfecta.php SOURCE NUMBER

class superfecta_base {
	protected $curl_timeout = '3.5';

	function DebugPrint($text) {
	}

	function get_url_contents($url) {
		$request = curl_init($url);
		curl_setopt_array($request, array(
			CURLOPT_RETURNTRANSFER => true,
			CURLOPT_FAILONERROR => true,
			CURLOPT_FOLLOWLOCATION => true,
			CURLOPT_CONNECTTIMEOUT => $this->curl_timeout,
			CURLOPT_TIMEOUT => $this->curl_timeout,
			CURLOPT_PROXY => '',
		));
		return trim((string) curl_exec($request));
	}
}

// What Superfecta shows of a source is an error to it as well.
error_reporting(E_ALL);
set_error_handler(function ($kind, $message) {
	fwrite(STDERR, "$message\n");
	exit(1);
});
require $argv[1];
$source = new Carnet();
$settings = array_map(function ($setting) {
	return $setting['default'];
}, $source->source_param);
echo $source->get_caller_id($argv[2], $settings);
