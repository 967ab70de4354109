"""A real model that need not be downloaded: a tiny Llama with random weights, a small tokenizer with a chat template,
adapters, and the environment in which an engine runs them.

python -m tests.serving.tiny DIRECTORY
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
CPU = {
    "VLLM_CPU_KVCACHE_SPACE": "1",
    "VLLM_CPU_OMP_THREADS_BIND": "nobind",
    "OMP_NUM_THREADS": "1",
    "VLLM_ENABLE_V1_MULTIPROCESSING": "0",
    "HF_HUB_OFFLINE": "1",
}
"""Environment in which the engine runs on a few shared cores. Without multiprocessing its core is still a process, but
does all work itself instead of starting another one. On a GPU only the last variable matters."""
WORDS = 2048
"""Size of the vocabulary, in tokens."""
LONGEST = 8192
"""Size of the context, in tokens."""
TEMPLATE = (
    "{% for m in messages %}<|{{ m['role'] }}|>{{ m['content'] }}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
WIDE, LAYERS, RANK = 128, 2, 8
"""Length of the model's vectors, number of its layers, and rank of an adapter."""
SPECIAL = ["<|end|>", "<|system|>", "<|user|>", "<|assistant|>", "<think>", "</think>"]


def make(directory: Path) -> None:
    """Write the model and its tokenizer to a directory."""
    import torch  # noqa: PLC0415 - comes with the engine
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers  # noqa: PLC0415
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast  # noqa: PLC0415

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").glob("*.md"))]
    trainer = trainers.BpeTrainer(
        vocab_size=WORDS,
        special_tokens=SPECIAL,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="<|end|>", pad_token="<|end|>")
    fast.chat_template = TEMPLATE
    fast.save_pretrained(directory)
    torch.manual_seed(0)
    shape = LlamaConfig(
        vocab_size=len(fast),
        hidden_size=WIDE,
        intermediate_size=256,
        num_hidden_layers=LAYERS,
        num_attention_heads=4,
        num_key_value_heads=4,
        max_position_embeddings=LONGEST,
        eos_token_id=fast.eos_token_id,
        bos_token_id=None,
        pad_token_id=fast.pad_token_id,
        dtype="float32",
    )
    LlamaForCausalLM(shape).save_pretrained(directory)


def make_adapter(directory: Path, seed: int) -> None:
    """Write an adapter with random weights to a directory, large enough to change every answer."""
    import torch  # noqa: PLC0415 - comes with the engine
    from safetensors.torch import save_file  # noqa: PLC0415

    drawn = torch.Generator().manual_seed(seed)
    weights = {}
    for layer in range(LAYERS):
        for part in ("q_proj", "v_proj"):
            place = f"base_model.model.model.layers.{layer}.self_attn.{part}"
            for side, shape in (("A", (RANK, WIDE)), ("B", (WIDE, RANK))):
                weights[f"{place}.lora_{side}.weight"] = torch.randn(shape, generator=drawn)
    directory.mkdir(parents=True)
    save_file(weights, directory / "adapter_model.safetensors")
    told = {"peft_type": "LORA", "r": RANK, "lora_alpha": RANK, "bias": "none", "target_modules": ["q_proj", "v_proj"]}
    (directory / "adapter_config.json").write_text(json.dumps(told))


if __name__ == "__main__":
    make(Path(sys.argv[1]))
