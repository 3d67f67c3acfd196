# Komentorivi.
cli-bench-speed = { $workload }: { $samples } näytettä/s, { $gflops } GFLOP/s matriisituloissa
cli-bench-memory = muistinvarauksia askelta kohti: { $allocations } ohjelman omia, { $packed } matriisitulojen pakkauspuskureita
cli-bench-product = 1024³:n matriisitulo tässä ja nyt: { $gflops } GFLOP/s
