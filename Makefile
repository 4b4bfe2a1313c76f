# Only for fingers that type make: everything is in ./dev.
run build test lint conformance bench soak audit fresh clean:
	./dev $@
.PHONY: run build test lint conformance bench soak audit fresh clean
