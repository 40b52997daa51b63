#!/bin/sh
# An exporter for firstcall in shell, behind "firstcall plugin bridge". It makes
# one text file: the key of every record.
#
# A message is one line. The order of its members is promised, so that sed can
# cut it apart, and a key has neither quotes nor backslashes in it.

LC_ALL=C
export LC_ALL

while read -r line; do
	case $line in
	'{"describe":'*)
		# One record a batch, or sed would have to find the others.
		echo '{"description":{"name":"keys-sh","version":"1.0.0","summary":"a list of the keys of all records","capabilities":{"idempotency":"atomic","max_batch_records":1}}}'
		;;
	'{"configure":'*)
		echo '{"configured":{}}'
		;;
	'{"plan":'* | '{"export":'*)
		# The batches are for sed, which collects keys until the end. It can't
		# read too far: nothing comes after the end before the answer.
		keys=$(sed -n '
			s/^{"batch":{"seq":[0-9]*,"records":\[{"key":"\([^"]*\)".*/\1\\n/
			t collect
			/^{"end":/b finish
			/^{"cancel":/b finish
			d
			:collect
			H
			d
			:finish
			g
			s/\n//g
			p
			q')
		printf '%s\n' '{"artifact":{"name":"keys.txt","media_type":"text/plain; charset=utf-8","text":"'"$keys"'"}}' '{"done":{}}'
		;;
	esac
done
