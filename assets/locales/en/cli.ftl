# The command line.
cli-bench-speed = { $workload }: { $samples } samples/s, { $gflops } GFLOP/s in products
cli-bench-memory = allocations a step: { $allocations } by the program, { $packed } packing buffers of products
cli-bench-product = A product of 1024³ here and now: { $gflops } GFLOP/s
